"use strict";
/* Draws a figure as one SVG: its title wrapped above it, where it comes from wrapped below it. */
(async () => {
  let drawn = 1; // the same figure gives the same bytes: Plotly names its clips at random
  Math.random = () => (drawn = (drawn * 16807) % 2147483647) / 2147483647;

  const told = JSON.parse(document.getElementById("still").textContent);
  const { figure, look, width, unit, smallest, lines } = told;
  const layout = figure.layout;
  layout.template = look;
  raise(layout);
  raise(figure.data);

  /* No letter is smaller than what a printed page can show. */
  function raise(part) {
    if (!part || typeof part !== "object") return;
    for (const [key, held] of Object.entries(part)) {
      if (/font$/i.test(key) && held && typeof held.size === "number") {
        held.size = Math.max(held.size, smallest);
      }
      raise(held);
    }
  }

  const family = look.layout.font.family;
  const pen = document.createElement("canvas").getContext("2d");
  const plain = (marked) =>
    new DOMParser().parseFromString((marked || "").replace(/<br ?\/?>/g, " "), "text/html").body.textContent;

  const marked = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

  function wrapped(text, style, room) {
    pen.font = `${style.weight} ${style.size}px ${family}`;
    const rows = [];
    for (const word of text.split(/\s+/).filter(Boolean)) {
      const longer = rows.length ? `${rows.at(-1)} ${word}` : word;
      if (rows.length && pen.measureText(longer).width <= room) rows[rows.length - 1] = longer;
      else rows.push(word);
    }
    return rows;
  }

  const name = "http://www.w3.org/2000/svg";
  function make(kind, given, text) {
    const node = document.createElementNS(name, kind);
    for (const [key, value] of Object.entries(given)) node.setAttribute(key, value);
    if (text !== undefined) node.textContent = text;
    return node;
  }

  const side = 8;
  const parts = [];
  let y = 0;
  function write(text, style, after) {
    for (const row of wrapped(text, style, width - 2 * side)) {
      y += style.size * 1.28;
      parts.push(make("text", {
        x: side, y: y.toFixed(1), fill: style.colour, "font-size": style.size,
        "font-weight": style.weight, "font-family": family,
      }, row));
    }
    if (text) y += after;
  }

  const title = layout.title || {};
  const under = (title.subtitle && title.subtitle.text) || "";
  const ink = look.layout.font.color;
  const quiet = look.layout.title.subtitle.font.color;
  write(plain(title.text), { size: told.title, weight: 600, colour: ink }, 2);
  write(plain(under), { size: told.subtitle, weight: 400, colour: quiet }, 4);
  layout.title = { text: "" };
  layout.sliders = [];
  layout.updatemenus = [];
  const margin = { ...look.layout.margin, ...layout.margin };
  layout.margin = { ...margin, l: Math.max(margin.l, side), r: Math.max(margin.r, side), t: Math.max(margin.t - 46, 30) };
  const room = layout.margin.t + layout.margin.b;
  const map = Object.keys(layout).some((key) => /^geo\d*$/.test(key));
  const wordsOf = (axis) => (axis && axis.title && axis.title.text) || "";
  const words = Object.keys(layout).some((key) => /^xaxis\d*$/.test(key) && wordsOf(layout[key]));
  const [PANEL, GAP, LEGEND] = [150, words ? 112 : 76, words ? 72 : 36]; // pixels, one below the other
  const rows = map ? 0 : oneBelowTheOther();
  const inside = rows ? PANEL * rows + GAP * (rows - 1) : (layout.height || 560) - margin.t - margin.b;
  let height = Math.round(room + inside * (map ? Math.min(width / told.map, 1) : 1));

  /* In a narrow column, panels that stand side by side stand one below the other; tells how many. */
  function oneBelowTheOther() {
    const axes = Object.keys(layout).filter((key) => /^xaxis\d*$/.test(key));
    const lefts = new Set(axes.map((key) => (layout[key].domain || [0])[0]));
    if (width >= told.column || lefts.size < 2) return 0;
    const high = PANEL / (PANEL * axes.length + GAP * (axes.length - 1));
    const notes = layout.annotations || [];
    axes.forEach((key, number) => {
      const across = layout[key];
      const up = layout[(across.anchor || `y${key.slice(5)}`).replace("y", "yaxis")];
      const middle = (across.domain[0] + across.domain[1]) / 2;
      const head = notes.find((note) => note.xref === "paper" && Math.abs(note.x - middle) < 1e-6
        && note.y >= up.domain[1] && note.y - up.domain[1] < 0.1 && !note.moved);
      const top = 1 - (number * (1 - high)) / (axes.length - 1);
      across.domain = [0, 1];
      up.domain = [Math.max(top - high, 0), top];
      across.showticklabels = up.showticklabels = true;
      if (head) Object.assign(head, { x: 0.5, y: top, moved: true });
    });
    notes.forEach((note) => delete note.moved);
    const below = layout.legend && layout.legend.y < 0;
    if (below) layout.legend.y = (-LEGEND * high) / PANEL;
    return axes.length;
  }

  /* Headings of panels that are wider than their panel go over several rows. */
  function narrowed(note) {
    if (note.showarrow !== false || note.xref !== "paper" || note.xanchor === "left" || !note.text) return;
    const axis = Object.keys(layout).find((key) => /^xaxis\d*$/.test(key) && layout[key].domain
      && layout[key].domain[0] <= note.x && note.x <= layout[key].domain[1]);
    if (!axis) return;
    const size = (note.font && note.font.size) || look.layout.font.size;
    const [start, end] = layout[axis].domain;
    const wide = (end - start) * (width - layout.margin.l - layout.margin.r);
    const rows = wrapped(plain(note.text), { size, weight: 700 }, wide);
    if (rows.length > 1) note.text = /<b>/.test(note.text) ? `<b>${rows.map(marked).join("<br>")}</b>` : rows.map(marked).join("<br>");
  }

  /* Words under an axis that are longer than the axis go over several rows; years that would stand
     on each other are told every second time, or every fourth. */
  async function fitted(place) {
    const change = {};
    for (const [key, axis] of Object.entries(place._fullLayout)) {
      const words = /^[xy]axis\d*$/.test(key) && wordsOf(layout[key]);
      if (!words) continue;
      const style = { size: axis.title.font.size, weight: 400 };
      change[`${key}.title.text`] = wrapped(plain(words), style, axis._length).map(marked).join("<br>");
    }
    for (const [key, axis] of Object.entries(place._fullLayout)) {
      if (!/^xaxis\d*$/.test(key) || axis.type !== "date") continue;
      change[`${key}.tickangle`] = 0;
      const step = /^M(\d+)$/.exec(axis.dtick);
      if (!step || axis.showticklabels === false) continue;
      const months = (axis.r2l(axis.range[1]) - axis.r2l(axis.range[0])) / 2.63e9;
      const label = 3.6 * axis.tickfont.size;
      let every = Number(step[1]);
      while (every < months && (months / every) * label > axis._length) every *= 2;
      change[`${key}.dtick`] = `M${every}`;
    }
    await Plotly.relayout(place, change);
  }

  /* A table shows all its rows: a picture cannot be scrolled. */
  async function unrolled(place) {
    await Plotly.relayout(place, { height: 20000 });
    const cells = [...place.querySelectorAll(".cell-rect")].map((cell) => cell.getBoundingClientRect().bottom);
    height = Math.ceil(Math.max(...cells) - place.getBoundingClientRect().top) + side;
    layout.margin.b = side;
    await Plotly.relayout(place, { height, "margin.b": side });
  }

  for (const note of layout.annotations || []) narrowed(note);
  const place = document.createElement("div");
  document.body.append(place);
  await Plotly.newPlot(place, figure.data, { ...layout, width, height, autosize: false }, { staticPlot: true });
  await fitted(place);
  if (figure.data.length && figure.data.every((trace) => trace.type === "table")) await unrolled(place);
  const address = await Plotly.toImage(place, { format: "svg", width, height });
  const text = decodeURIComponent(address.slice(address.indexOf(",") + 1));
  const picture = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  Plotly.purge(place);
  picture.setAttribute("y", y.toFixed(1));
  y += height;
  for (const line of lines) write(line, { size: told.small, weight: 400, colour: quiet }, 2);
  y += side;

  const whole = make("svg", {
    width: `${(width * unit).toFixed(3)}${told.measure}`, height: `${(y * unit).toFixed(3)}${told.measure}`,
    viewBox: `0 0 ${width} ${y.toFixed(1)}`,
  });
  whole.append(make("title", {}, plain(title.text)), make("rect", { width: "100%", height: "100%", fill: "#fff" }));
  whole.append(document.importNode(picture, true), ...parts);
  document.body.replaceChildren(whole);
  const box = whole.getBoundingClientRect();
  window.still = { width: box.width, height: box.height, svg: new XMLSerializer().serializeToString(whole) };
  document.documentElement.dataset.ready = "";
})();
