"use strict";
/* What the pages share: drawing a figure, filling select boxes, writing numbers. */
const Kyoten = (() => {
  const look = JSON.parse(document.getElementById("look").textContent);

  /* Words of a figure as text: its own <b> and <br> go, entities become what they stand for. */
  const words = (marked) => new DOMParser()
    .parseFromString((marked || "").replace(/<br ?\/?>/g, " "), "text/html").body.textContent;

  /* The title stands above the drawing as text of the page, where it breaks into lines. */
  function putTitle(place, layout) {
    let head = place.previousElementSibling;
    if (!head || !head.classList.contains("head")) {
      head = document.createElement("div");
      head.className = "head";
      place.before(head);
    }
    const title = layout.title || {};
    const lines = [["strong", words(title.text)], ["span", words(title.subtitle && title.subtitle.text)]];
    head.replaceChildren(...lines.filter(([, text]) => text).map(([tag, text]) => {
      return Object.assign(document.createElement(tag), { textContent: text });
    }));
    delete layout.title;
    const margin = layout.margin || {};
    const top = margin.t === undefined ? look.layout.margin.t : margin.t;
    layout.margin = { ...margin, t: Math.max(top - 52, 10) };
    if (layout.height) layout.height -= Math.min(52, Math.max(top - 10, 0));
  }

  /* The list of numbered acts stands below the drawing as text of the page. */
  function putActs(place, layout) {
    const listed = (layout.annotations || []).filter((note) => note.name === "act");
    let list = place.nextElementSibling;
    if (list && list.classList.contains("acts")) list.remove();
    if (!listed.length) return;
    list = document.createElement("ol");
    list.className = "acts";
    list.append(...listed.map((note) => {
      const text = words(note.text).replace(/^\d+\s+/, "");
      return Object.assign(document.createElement("li"), { textContent: text });
    }));
    place.after(list);
    layout.annotations = layout.annotations.filter((note) => note.name !== "act");
    const room = layout.meta.acts;
    layout.height -= room;
    layout.margin.b -= room;
  }

  const narrow = () => window.innerWidth < 600;

  async function draw(place, figure) {
    if (place.data) Plotly.purge(place);
    place.textContent = figure ? "" : "Nothing to draw here.";
    if (!figure) return;
    const copy = structuredClone(figure);
    copy.layout.template = look;
    putTitle(place, copy.layout);
    putActs(place, copy.layout);
    const aspect = copy.layout.meta && copy.layout.meta.aspect;
    if (aspect) copy.layout.height = Math.min(Math.round(place.clientWidth / aspect), 480) + copy.layout.margin.t;
    if (narrow()) stack(copy.layout, copy.data);
    await Plotly.newPlot(place, copy.data, copy.layout, {
      displaylogo: false, responsive: true, displayModeBar: narrow() ? false : "hover", showTips: false,
      typesetMath: false, modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"],
    });
    if (copy.frames) await Plotly.addFrames(place, copy.frames);
  }

  /* On a phone, panels that stand side by side stand one below the other. */
  function stack(layout, data) {
    const axes = Object.keys(layout).filter((key) => /^xaxis\d*$/.test(key) && layout[key].domain);
    const lefts = new Set(axes.map((key) => layout[key].domain[0]));
    if (Object.keys(layout).some((key) => /^xaxis/.test(key))) {
      layout.margin = { ...look.layout.margin, ...layout.margin, l: 40, r: 8 };
    }
    if (layout.legend) layout.legend = { ...layout.legend, font: { size: 11 } };
    if (layout.geo && !layout.geo2 && !layout.meta) layout.height = Math.min(layout.height, window.innerWidth + 150);
    if (layout.geo && layout.geo2) {
      const heads = layout.annotations || [];
      layout.geo.domain = { x: [0, 1], y: [0.42, 1] };
      layout.geo2.domain = { x: [0, 1], y: [0, 0.36] };
      heads.slice(0, 2).forEach((head, number) => Object.assign(head, { x: 0, y: [1, 0.36][number] }));
    }
    for (const key of Object.keys(layout).filter((name) => /^xaxis/.test(name))) {
      if (layout[key].tickformat === "%Y") Object.assign(layout[key], { dtick: null, nticks: 5, tickangle: 0 });
      const title = layout[key].title; // the caption names the unit
      if (title && words(title.text).length > 36) delete layout[key].title;
    }
    if (axes.length < 2 || lefts.size < 2) return;
    const high = 1 / (axes.length + 0.45 * (axes.length - 1));
    axes.forEach((key, number) => {
      const across = layout[key];
      const up = layout[(across.anchor || `y${key.slice(5)}`).replace("y", "yaxis")];
      const height = up.domain || [0, 1];
      const [middle, left] = [(across.domain[0] + across.domain[1]) / 2, across.domain[0]];
      const head = (layout.annotations || []).find((note) => note.xref === "paper" && !note.put
        && (Math.abs(note.x - middle) < 1e-6 || Math.abs(note.x - left) < 1e-6) && Math.abs(note.y - height[1]) < 0.05);
      const top = 1 - number * 1.45 * high;
      across.domain = [0, 1];
      up.domain = [Math.max(top - high, 0), top];
      across.showticklabels = up.showticklabels = true;
      if (head) Object.assign(head, { x: 0, xanchor: "left", y: top, yanchor: "bottom", put: true });
    });
    for (const note of layout.annotations || []) delete note.put;
    for (const trace of data) delete trace.legend;
    delete layout.legend2;
    Object.assign(layout.margin, { t: 26, b: 110 });
    layout.height = 190 * axes.length + 136;
    layout.legend = { font: { size: 11 }, orientation: "h", x: 0, y: -0.3 * high, yanchor: "top" };
  }

  /* Figures that compare two policies: numbers run over the same range on both. */
  async function shareAxes(places) {
    const drawn = places.filter((place) => place.data && place.data.length);
    if (drawn.length < 2) return;
    const change = {};
    for (const [key, axis] of Object.entries(drawn[0]._fullLayout)) {
      const own = drawn.map((place) => place._fullLayout[key]);
      if (!/^[xy]axis\d*$/.test(key) || own.some((one) => !one || one.type !== "linear")) continue;
      if (axis.tickvals) continue;
      change[`${key}.range`] = [Math.min(...own.map((o) => o.range[0])), Math.max(...own.map((o) => o.range[1]))];
    }
    for (const place of drawn) await Plotly.relayout(place, change);
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

  return { draw, fill, read, shareAxes, short };
})();
