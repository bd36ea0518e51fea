"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const { draw, fill, read } = Kyoten;
  let told = null;    // what can be asked of the run, its sections of figures among it
  let turn = 0;       // answers to an older question are dropped
  let table = null;
  let playing = null;

  const say = (text) => { byId("message").textContent = text; };

  async function get(path, query) {
    const answer = await fetch(path + (query ? `?${new URLSearchParams(query)}` : ""));
    const content = await answer.json();
    if (!answer.ok) throw new Error(content.error || JSON.stringify(content.detail));
    return content;
  }

  const run = () => `/api/runs/${encodeURIComponent(byId("run").value)}`;
  const tabs = () => [...document.querySelectorAll("[data-tab]")];
  const tab = () => tabs().find((part) => part.dataset.tab === location.hash.slice(1)) || tabs()[0];
  const policies = (side) => {
    const pair = [byId("policy").value, byId("against").value];
    if (side === "b") pair.reverse();
    return { policy: pair[0], against: pair[1] };
  };

  function make(tag, content = {}, parent = null) {
    const element = Object.assign(document.createElement(tag), content);
    if (parent) parent.append(element);
    return element;
  }

  /* One section as the run tells it: its select boxes, a slider for figures that move, its figures. */
  function build(spec) {
    const section = make("section", { hidden: true });
    section.dataset.tab = spec.key;
    section.spec = spec;
    if (spec.asks.length) {
      const line = make("p", { className: "choice" }, section);
      for (const ask of spec.asks) {
        const label = make("label", { textContent: `${ask.label} ` }, line);
        const box = make("select", {}, label);
        box.dataset.ask = ask.name;
        box.addEventListener("change", show);
      }
    }
    section.append(byId("slider").content.cloneNode(true));
    section.querySelector(".moment").addEventListener("input", () => toMoment(section));
    section.querySelector(".play").addEventListener("click", () => play(section));
    for (const figure of spec.figures) {
      const host = figure.layout === "beside" ? make("div", { className: "pair" }, section) : section;
      for (const side of figure.layout === "once" ? ["a"] : ["a", "b"]) {
        const place = make("div", { className: "figure" }, make("figure", {}, host));
        Object.assign(place.dataset, { figure: figure.name, side });
        place.setAttribute("role", "figure");
        place.setAttribute("aria-label", figure.shows);
        place.spec = figure;
      }
    }
    if (spec.key === "firm") section.append(byId("told").content.cloneNode(true));
    if (spec.key === "answer") section.prepend(byId("sentences").content.cloneNode(true));
    return section;
  }

  function buildSections() {
    byId("sections").replaceChildren(...told.sections.map(build));
    const links = told.sections.map((spec) => make("a", { href: `#${spec.key}`, textContent: spec.tab }));
    byId("tabs").replaceChildren(...links, byId("tabs").lastElementChild);
  }

  async function drawPlace(place, ask, mine) {
    place.setAttribute("aria-busy", "true");
    const wanted = place.spec.needs.map((name) => [name, ask[name]]);
    const query = { ...policies(place.dataset.side), ...place.spec.given, ...Object.fromEntries(wanted) };
    try {
      const figure = await get(`${run()}/figures/${encodeURIComponent(place.spec.name)}`, query);
      place.moments = (figure.frames || []).map((frame) => frame.name);
      if (place.moments.length) delete figure.layout.sliders; // the section's own moves them all
      if (mine === turn) await draw(place, figure);
    } catch (fault) {
      if (mine === turn) { Plotly.purge(place); place.textContent = fault.message; }
    } finally {
      place.removeAttribute("aria-busy");
    }
  }

  /* Words beneath the figures of a section, by its key. */
  const beneath = { firm: drawReasons, answer: drawAnswer };

  async function drawAnswer(section, ask, mine) {
    const told = await get(`${run()}/answer`, policies("a"));
    if (mine !== turn) return;
    const put = (place, lines) => place.replaceChildren(...lines.map((text) => make("p", { textContent: text })));
    put(section.querySelector(".sentences"), told.answer);
    put(section.querySelector(".doubts div"), told.doubts);
    section.querySelector(".doubts").hidden = !told.doubts.length;
  }

  async function drawReasons(section, ask, mine) {
    const rows = await get(`${run()}/why`, { firm: ask.firm, ...policies("a") });
    if (mine !== turn) return;
    const items = rows.map((row) => make("li", { textContent: row.text }));
    const [first, rest] = [section.querySelector(".reasons"), section.querySelector(".rest")];
    first.replaceChildren(...items.slice(0, 8));
    rest.lastElementChild.replaceChildren(...items.slice(8));
    rest.lastElementChild.start = 9;
    rest.hidden = items.length <= 8;
    if (!rows.length) first.textContent = "It moves nothing under this policy.";
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
    for (const part of tabs()) part.hidden = part !== section;
    for (const link of document.querySelectorAll("#tabs a")) {
      if (link.hash === `#${section.dataset.tab}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    const ask = section.spec ? read(section, section.spec.asks) : {};
    const work = [...section.querySelectorAll(".figure")].map((place) => drawPlace(place, ask, mine));
    if (beneath[section.dataset.tab]) work.push(beneath[section.dataset.tab](section, ask, mine));
    if (section.dataset.tab === "table") work.push(drawTable(mine));
    try {
      await Promise.all(work);
    } catch (fault) {
      say(fault.message);
    }
    if (mine !== turn) return;
    if (section.spec) setMoments(section);
    document.documentElement.dataset.ready = section.dataset.tab;
  }

  /* Moments of a section's slider: those of its figures that move, which share them. */
  const moments = (section) => [...section.querySelectorAll(".figure")]
    .map((place) => place.moments || []).reduce((a, b) => b.length > a.length ? b : a, []);

  function setMoments(section) {
    const names = moments(section);
    const box = section.querySelector(".moment");
    section.querySelector(".slider").hidden = !names.length;
    box.max = Math.max(names.length - 1, 0);
    box.value = 0;
    section.querySelector("output").textContent = names[0] || "";
  }

  async function toMoment(section) {
    const name = moments(section)[Number(section.querySelector(".moment").value)];
    if (!name) return;
    section.querySelector("output").textContent = name;
    const still = { mode: "immediate", frame: { duration: 0, redraw: true }, transition: { duration: 0 } };
    for (const place of section.querySelectorAll(".figure")) {
      if ((place.moments || []).includes(name)) await Plotly.animate(place, [name], still);
    }
  }

  function stop() {
    clearInterval(playing);
    playing = null;
    for (const button of document.querySelectorAll(".play")) button.textContent = "Play";
  }

  function play(section) {
    if (playing) { stop(); return; }
    section.querySelector(".play").textContent = "Stop";
    playing = setInterval(() => {
      const box = section.querySelector(".moment");
      box.value = Number(box.value) >= Number(box.max) ? 1 : Number(box.value) + 1;
      toMoment(section);
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
    buildSections();
    fill(byId("policy"), told.policies, (told.policies.find(([p]) => p !== told.baseline) || [told.baseline])[0]);
    fill(byId("against"), told.policies, told.baseline);
    byId("facts").textContent = `${told.replications} replications, ${told.months[0].slice(0, 7)} to `
      + `${told.months[1].slice(0, 7)}, seed ${told.seed}`;
    document.title = `${told.experiment}, Kyoten`;
    await show();
  }

  async function start() {
    const runs = await get("/api/runs");
    const how = (r) => (r.wrong ? " (damaged)" : r.status === "finished" ? "" : ` (${r.done} of ${r.chunks})`);
    const named = new URLSearchParams(location.search).get("run");
    fill(byId("run"), runs.map((r) => [r.name, r.name + how(r)]));
    if (runs.some((r) => r.name === named)) byId("run").value = named;
    if (!runs.length) {
      say("No experiment is here yet. Make one: kyoten run configs/quick.yaml --out runs/quick");
      document.documentElement.dataset.ready = "none";
      return;
    }
    await openRun();
  }

  byId("run").addEventListener("change", () => {
    const address = new URLSearchParams({ run: byId("run").value });
    history.replaceState(null, "", `?${address}${location.hash}`); // so that a reload stays here
    openRun();
  });
  for (const id of ["policy", "against"]) byId(id).addEventListener("change", show);
  window.addEventListener("hashchange", show);
  start().catch((fault) => say(fault.message));
})();
