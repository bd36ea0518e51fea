"use strict";
/* What the pages share: drawing a figure, filling select boxes, writing numbers. */
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

  /* Fills the select boxes of a section, each after those on which it depends; tells their values. */
  function read(section, asks) {
    const told = {};
    for (const ask of asks) {
      const box = section.querySelector(`select[data-ask="${CSS.escape(ask.name)}"]`);
      const key = ask.after.map((name) => told[name]).join("|");
      fill(box, ask.choices[key] || [], box.value || ask.usual);
      told[ask.name] = box.value;
    }
    return told;
  }

  const scales = [[1e12, " tn"], [1e9, " bn"], [1e6, " m"], [1e3, " k"]];
  function short(value) {
    const size = Number(Math.abs(value).toPrecision(3));
    const [scale, word] = scales.find(([s]) => size >= s) || [1, ""];
    return (value < 0 && size ? "-" : "") + Number((size / scale).toPrecision(3)) + word;
  }

  return { draw, fill, read, short };
})();
