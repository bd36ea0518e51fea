"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const look = JSON.parse(byId("look").textContent);
  const head = JSON.parse(byId("movehead").textContent);
  const unpacked = new Map();
  let now = null; // content of the policy that is shown
  let order = { column: null, rising: false };

  async function unpack(policy) {
    if (unpacked.has(policy)) return unpacked.get(policy);
    const text = document.querySelector(`script[data-payload="${CSS.escape(policy)}"]`).textContent;
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const content = JSON.parse(await new Response(plain).text());
    unpacked.set(policy, content);
    return content;
  }

  async function draw(name, figure) {
    const place = document.querySelector(`[data-figure="${name}"]`);
    Plotly.purge(place);
    if (!figure) { place.textContent = "Nothing to draw here."; return; }
    place.textContent = "";
    const copy = structuredClone(figure);
    copy.layout.template = look;
    await Plotly.newPlot(place, copy.data, copy.layout, {
      displaylogo: false, responsive: true, displayModeBar: "hover", showTips: false,
      modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"],
    });
    if (copy.frames) await Plotly.addFrames(place, copy.frames);
  }

  function fill(select, choices) {
    const kept = select.value;
    select.replaceChildren(...choices.map(([value, label]) => new Option(label, value)));
    if (choices.some(([value]) => value === kept)) select.value = kept;
  }

  async function drawProduct() {
    const pair = now.products[byId("product").value] || [];
    await draw("production", pair[0]);
    await draw("difference", pair[1]);
  }

  async function drawDuty() {
    const group = now.duties[byId("importer").value];
    fill(byId("dutied"), group ? Object.entries(group.products).map(([k, v]) => [k, v.name]) : []);
    const one = group && group.products[byId("dutied").value];
    await draw("duty", one && one.figure);
    if (!one) document.querySelector('[data-figure="duty"]').textContent =
      "No duty on goods of this run changes under this policy.";
  }

  const scales = [[1e12, " tn"], [1e9, " bn"], [1e6, " m"], [1e3, " k"]];
  function short(value) {
    const size = Number(Math.abs(value).toPrecision(3));
    const [scale, word] = scales.find(([s]) => size >= s) || [1, ""];
    return (value < 0 && size ? "-" : "") + Number((size / scale).toPrecision(3)) + word;
  }
  const written = {
    share: (v) => v === null ? "" : `${Math.round(v * 100)} %`,
    short: (v) => v === null ? "" : short(v),
    fixed: (v) => v === null ? "" : v.toFixed(2),
  };

  function drivers(values, names) {
    const box = document.createElement("details");
    const summary = box.appendChild(document.createElement("summary"));
    const rank = values.map((v, i) => [names[i], v || 0]).sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]));
    summary.textContent = rank.filter(([, v]) => v).slice(0, 2).map(([n, v]) =>
      `${n} ${v > 0 ? "+" : ""}${short(v)}`).join(", ") || "none";
    const list = box.appendChild(document.createElement("dl"));
    for (const [name, value] of rank) {
      list.appendChild(document.createElement("dt")).textContent = name;
      list.appendChild(document.createElement("dd")).textContent = (value > 0 ? "+" : "") + short(value);
    }
    return box;
  }

  function moveRow(row) {
    const line = document.createElement("tr");
    row.forEach((value, i) => {
      const cell = line.appendChild(document.createElement("td"));
      const kind = head[i].kind;
      if (kind === "drivers") cell.appendChild(drivers(value, head[i].names));
      else cell.textContent = kind ? written[kind](value) : value;
      if (kind && kind !== "drivers") cell.className = "number";
    });
    return line;
  }

  const words = (row) => row.map((v) => typeof v === "string" ? v : "").join(" ").toLowerCase();

  function drawMoves() {
    const { rows, all, kept } = now.moves;
    const wanted = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = rows.filter((row) => wanted.every((word) => words(row).includes(word)));
    if (order.column !== null) {
      const key = (row) => Array.isArray(row[order.column]) ? Math.max(...row[order.column]) : row[order.column];
      const up = order.rising ? 1 : -1;
      found = [...found].sort((a, b) => {
        const [x, y] = [key(a), key(b)];
        if (x === null || y === null) return (x === null) - (y === null);
        return up * (typeof x === "string" ? x.localeCompare(y) : x - y);
      });
    }
    byId("movetable").tBodies[0].replaceChildren(...found.map(moveRow));
    const part = all > rows.length
      ? ` The table holds ${rows.length} of ${all}: ${Math.round(kept * 100)} % of the expected worth.` : "";
    byId("count").textContent = (all ? `${found.length} of ${rows.length} moves.` :
      "No firm moved work between countries under this policy.") + part;
  }

  function headings() {
    const line = byId("movetable").tHead.insertRow();
    head.forEach((column, i) => {
      const cell = line.appendChild(document.createElement("th"));
      cell.scope = "col"; cell.title = column.hint || "";
      if (column.kind && column.kind !== "drivers") cell.className = "number";
      const button = cell.appendChild(document.createElement("button"));
      button.type = "button"; button.textContent = column.title;
      button.addEventListener("click", () => {
        const rising = order.column === i ? !order.rising : !column.kind;
        order = { column: i, rising };
        for (const other of line.cells) other.removeAttribute("aria-sort");
        cell.setAttribute("aria-sort", rising ? "ascending" : "descending");
        drawMoves();
      });
    });
  }

  async function show(policy) {
    document.querySelectorAll("[data-policy]").forEach((part) => {
      part.hidden = part.dataset.policy !== policy;
    });
    now = await unpack(policy);
    drawMoves();
    for (const [name, figure] of Object.entries(now.figures)) await draw(name, figure);
    await drawProduct();
    fill(byId("importer"), Object.entries(now.duties).map(([code, group]) => [code, group.name]));
    await drawDuty();
    document.documentElement.dataset.ready = policy;
  }

  headings();
  byId("policy").addEventListener("change", (event) => show(event.target.value));
  byId("product").addEventListener("change", drawProduct);
  byId("importer").addEventListener("change", drawDuty);
  byId("dutied").addEventListener("change", drawDuty);
  byId("search").addEventListener("input", drawMoves);
  show(byId("policy").value);
})();
