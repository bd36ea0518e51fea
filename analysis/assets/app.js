"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const { draw, fill } = Kyoten;
  let told = null;   // what can be asked of the run
  let turn = 0;      // answers to an older question are dropped
  let table = null;
  let frames = [];               // months of the slider: both maps share them
  const framesOf = new Map();    // a policy without moves has no frames
  let playing = null;

  const say = (text) => { byId("message").textContent = text; };

  async function get(path, query) {
    const answer = await fetch(path + (query ? `?${new URLSearchParams(query)}` : ""));
    const content = await answer.json();
    if (!answer.ok) throw new Error(content.error || JSON.stringify(content.detail));
    return content;
  }

  const run = () => `/api/runs/${encodeURIComponent(byId("run").value)}`;
  const tab = () => document.querySelector(`[data-tab="${location.hash.slice(1)}"]`)
    || document.querySelector('[data-tab="map"]');
  const policies = (side) => {
    const pair = [byId("policy").value, byId("against").value];
    if (side === "b") pair.reverse();
    return { policy: pair[0], against: pair[1] };
  };

  /* What each select box offers, given the run and the boxes before it. */
  const choices = {
    products: () => told.products,
    goods: () => [["", "All goods"], ...told.products],
    years: () => told.years.map((y) => [String(y), String(y)]).reverse(),
    firms: () => told.firms.map((f) => [f.id, f.name]),
    made: (ask) => (told.firms.find((f) => f.id === ask.firm) || { products: [] }).products,
    outcomes: () => told.outcomes.map((o) => [o.id, o.name]),
    groups: (ask) => (told.outcomes.find((o) => o.id === ask.outcome) || { groups: [] }).groups,
    importers: () => {
      const lanes = Object.values(told.duties).flat();
      return [...new Map(lanes.map(([code, name]) => [code, name]))];
    },
    dutied: (ask) => {
      const lanes = Object.values(told.duties).flat().filter(([code]) => code === ask.importer);
      return [...new Map(lanes.map(([, , code, name]) => [code, name]))];
    },
  };

  function asked(section) {
    const ask = {};
    for (const box of section.querySelectorAll("select[data-ask]")) {
      fill(box, choices[box.dataset.choices](ask), box.value || (box.dataset.ask === "importer" ? "US" : ""));
      ask[box.dataset.ask] = box.value;
    }
    return ask;
  }

  async function drawView(place, ask, mine) {
    place.setAttribute("aria-busy", "true");
    const query = { ...policies(place.dataset.side), ...ask };
    try {
      const figure = await get(`${run()}/figures/${place.dataset.view}`, query);
      if (mine === turn) await draw(place, place.dataset.view === "map" ? bare(place, figure) : figure);
    } catch (fault) {
      if (mine === turn) { Plotly.purge(place); place.textContent = fault.message; }
    } finally {
      place.removeAttribute("aria-busy");
    }
  }

  /* The page's own slider moves both maps, so that theirs is taken off. */
  function bare(place, figure) {
    const names = (figure.frames || []).map((frame) => frame.name);
    framesOf.set(place, new Set(names));
    if (names.length) frames = names;
    delete figure.layout.sliders;
    return figure;
  }

  async function drawReasons(ask, mine) {
    const rows = await get(`${run()}/why`, { firm: ask.firm, ...policies("a") });
    if (mine !== turn) return;
    const told = rows.map((row) => {
      const item = document.createElement("li");
      item.textContent = row.text;
      return item;
    });
    const rest = byId("rest");
    byId("reasons").replaceChildren(...told.slice(0, 8));
    rest.lastElementChild.replaceChildren(...told.slice(8));
    rest.lastElementChild.start = 9;
    rest.hidden = told.length <= 8;
    if (!rows.length) byId("reasons").textContent = "It moves nothing under this policy.";
  }

  async function drawTable(mine) {
    const moves = await get(`${run()}/moves`, policies("a"));
    if (mine !== turn) return;
    table = table || Kyoten.moveTable(byId("movetable"), moves.head, byId("search"), byId("count"));
    table.show(moves);
  }

  async function show() {
    if (!told) return;
    const mine = ++turn;
    const section = tab();
    delete document.documentElement.dataset.ready;
    stop();
    for (const part of document.querySelectorAll("[data-tab]")) part.hidden = part !== section;
    for (const link of document.querySelectorAll("#tabs a")) {
      if (link.hash === `#${section.dataset.tab}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    if (section.dataset.tab === "map") frames = [];
    const ask = asked(section);
    const work = [...section.querySelectorAll("[data-view]")].map((place) => drawView(place, ask, mine));
    if (section.dataset.tab === "firm") work.push(drawReasons(ask, mine));
    if (section.dataset.tab === "table") work.push(drawTable(mine));
    try {
      await Promise.all(work);
    } catch (fault) {
      say(fault.message);
    }
    if (mine !== turn) return;
    if (section.dataset.tab === "map") setMonths();
    document.documentElement.dataset.ready = section.dataset.tab;
  }

  function setMonths() {
    const box = byId("month");
    box.max = Math.max(frames.length - 1, 0);
    box.value = 0;
    byId("monthname").textContent = frames[0] || "";
  }

  async function toMonth() {
    const name = frames[Number(byId("month").value)];
    if (!name) return;
    byId("monthname").textContent = name;
    const still = { mode: "immediate", frame: { duration: 0, redraw: true }, transition: { duration: 0 } };
    for (const place of document.querySelectorAll('[data-view="map"]')) {
      if (framesOf.get(place)?.has(name)) await Plotly.animate(place, [name], still);
    }
  }

  function stop() {
    clearInterval(playing);
    playing = null;
    byId("play").textContent = "Play";
  }

  function play() {
    if (playing) { stop(); return; }
    byId("play").textContent = "Stop";
    playing = setInterval(() => {
      const box = byId("month");
      box.value = Number(box.value) >= Number(box.max) ? 1 : Number(box.value) + 1;
      toMonth();
    }, 250);
  }

  async function openRun() {
    told = null;
    say("");
    try {
      told = await get(run());
    } catch (fault) {
      say(fault.message);
      return;
    }
    fill(byId("policy"), told.policies, (told.policies.find(([p]) => p !== told.baseline) || [told.baseline])[0]);
    fill(byId("against"), told.policies, told.baseline);
    byId("facts").textContent = `${told.replications} replications, ${told.months[0].slice(0, 7)} to `
      + `${told.months[1].slice(0, 7)}, seed ${told.seed}`;
    document.title = `${told.experiment}, Kyoten`;
    await show();
  }

  async function start() {
    const runs = await get("/api/runs");
    fill(byId("run"), runs.map((r) => [r.name, r.status === "finished" ? r.name : `${r.name} (${r.done} of ${r.chunks})`]));
    if (!runs.length) {
      say("No experiment is here yet. Make one: kyoten run configs/quick.yaml --out runs/quick");
      document.documentElement.dataset.ready = "none";
      return;
    }
    await openRun();
  }

  byId("run").addEventListener("change", openRun);
  for (const id of ["policy", "against"]) byId(id).addEventListener("change", show);
  for (const box of document.querySelectorAll("select[data-ask]")) box.addEventListener("change", show);
  byId("month").addEventListener("input", toMonth);
  byId("play").addEventListener("click", play);
  window.addEventListener("hashchange", show);
  start().catch((fault) => say(fault.message));
})();
