"use strict";
/* What the report and the app share: drawing a figure, filling a select box, writing numbers. */
const Kyoten = (() => {
  const look = JSON.parse(document.getElementById("look").textContent);

  async function draw(place, figure) {
    Plotly.purge(place);
    place.textContent = figure ? "" : "Nothing to draw here.";
    if (!figure) return;
    const copy = structuredClone(figure);
    copy.layout.template = look;
    await Plotly.newPlot(place, copy.data, copy.layout, {
      displaylogo: false, responsive: true, displayModeBar: "hover", showTips: false,
      typesetMath: false, modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"],
    });
    if (copy.frames) await Plotly.addFrames(place, copy.frames);
  }

  function fill(select, choices, wanted) {
    const kept = wanted || select.value;
    select.replaceChildren(...choices.map(([value, label]) => new Option(label, value)));
    if (choices.some(([value]) => value === kept)) select.value = kept;
  }

  const scales = [[1e12, " tn"], [1e9, " bn"], [1e6, " m"], [1e3, " k"]];
  function short(value) {
    const size = Number(Math.abs(value).toPrecision(3));
    const [scale, word] = scales.find(([s]) => size >= s) || [1, ""];
    return (value < 0 && size ? "-" : "") + Number((size / scale).toPrecision(3)) + word;
  }

  return { draw, fill, short };
})();
