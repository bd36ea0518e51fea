"use strict";
/* The table of moves: sorted by a click on a heading, narrowed by words. Text goes in as text. */
Kyoten.moveTable = (table, head, search, count, first = Infinity) => {
  let most = first; // rows before the others are asked for
  let moves = { rows: [], all: 0, kept: 1 };
  let order = { column: null, rising: false };
  const { short } = Kyoten;
  const written = {
    share: (v) => v === null ? "" : `${Math.round(v * 100)} %`,
    short: (v) => v === null ? "" : short(v),
    fixed: (v) => v === null ? "" : v.toFixed(2),
  };
  const signed = (v) => (v > 0 ? "+" : "") + short(v);
  const isNumber = (column) => column.kind && column.kind !== "drivers";

  function drivers(values, names) {
    const box = document.createElement("details");
    const summary = box.appendChild(document.createElement("summary"));
    const rank = values.map((v, i) => [names[i], v || 0]).sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]));
    summary.textContent = rank.filter(([, v]) => v).slice(0, 2)
      .map(([n, v]) => `${n} ${signed(v)}`).join(", ") || "none";
    const list = box.appendChild(document.createElement("dl"));
    for (const [name, value] of rank) {
      list.appendChild(document.createElement("dt")).textContent = name;
      list.appendChild(document.createElement("dd")).textContent = signed(value);
    }
    return box;
  }

  function lineOf(row) {
    const line = document.createElement("tr");
    row.forEach((value, i) => {
      const cell = line.appendChild(document.createElement("td"));
      if (head[i].kind === "drivers") cell.appendChild(drivers(value, head[i].names));
      else cell.textContent = head[i].kind ? written[head[i].kind](value) : value;
      if (isNumber(head[i])) cell.className = "number";
    });
    return line;
  }

  const words = (row) => row.map((v) => typeof v === "string" ? v : "").join(" ").toLowerCase();
  const key = (v) => Array.isArray(v) ? Math.max(...v) : v;
  function compare(a, b) {
    const [x, y] = [key(a[order.column]), key(b[order.column])];
    if (x === null || y === null) return (x === null) - (y === null);
    return (order.rising ? 1 : -1) * (typeof x === "string" ? x.localeCompare(y) : x - y);
  }

  function render() {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = moves.rows.filter((row) => wanted.every((word) => words(row).includes(word)));
    if (order.column !== null) found.sort(compare);
    table.tBodies[0].replaceChildren(...found.slice(0, most).map(lineOf));
    more.hidden = found.length <= most;
    more.textContent = `Show all ${found.length} moves`;
    const part = moves.all > moves.rows.length ? ` The table holds ${moves.rows.length} of ${moves.all}: `
      + `${Math.round(moves.kept * 100)} % of the expected worth.` : "";
    count.textContent = (moves.all ? `${found.length} of ${moves.rows.length} moves.`
      : "No firm moved work between countries under this policy.") + part;
  }

  const line = table.tHead.insertRow();
  head.forEach((column, i) => {
    const cell = line.appendChild(document.createElement("th"));
    cell.scope = "col";
    cell.title = column.hint || "";
    if (isNumber(column)) cell.className = "number";
    const button = cell.appendChild(document.createElement("button"));
    button.type = "button";
    button.textContent = column.title;
    button.addEventListener("click", () => {
      order = { column: i, rising: order.column === i ? !order.rising : !column.kind };
      for (const other of line.cells) other.removeAttribute("aria-sort");
      cell.setAttribute("aria-sort", order.rising ? "ascending" : "descending");
      render();
    });
  });
  const more = document.createElement("button");
  more.type = "button";
  more.className = "all";
  more.hidden = true;
  more.addEventListener("click", () => { most = Infinity; render(); });
  table.after(more);
  search.addEventListener("input", render);
  return { show: (content) => { moves = content; most = first; render(); } };
};
