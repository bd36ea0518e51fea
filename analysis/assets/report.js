"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const { draw } = Kyoten;
  const sections = JSON.parse(byId("sections").textContent);
  const unpacked = new Map();
  let now = null; // content of the policy that is shown

  /* Text of an element that holds base64 of gzip; nothing is fetched. */
  async function inflate(selector) {
    const bytes = Uint8Array.from(atob(document.querySelector(selector).textContent), (c) => c.charCodeAt(0));
    const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(plain).text();
  }

  async function run(name) {
    const script = document.createElement("script");
    script.textContent = await inflate(`[data-packed=${name}]`);
    document.head.append(script);
  }

  async function unpack(policy) {
    const selector = `[data-payload="${CSS.escape(policy)}"]`;
    if (!unpacked.has(policy)) unpacked.set(policy, inflate(selector).then(JSON.parse));
    return unpacked.get(policy);
  }

  const tools = run("outlines").then(() => run("plotly"));
  const heroes = inflate("[data-packed=heroes]").then(JSON.parse);
  const table = Kyoten.moveTable(byId("movetable"), JSON.parse(byId("movehead").textContent),
    byId("search"), byId("count"), 12);

  const policyPart = (policy) => document.querySelector(`[data-policy="${CSS.escape(policy)}"]`);
  const shown = () => byId("policy").value;

  /* Draws the figures of a part; those that compare two policies get the same axes. */
  function drawPart(part, printing = false) {
    const spec = sections[shown()].find((one) => one.key === part.dataset.part);
    const told = Kyoten.read(part, spec.asks);
    part.dataset.drawn = "";
    return Promise.all(spec.figures.map((figure) => {
      const key = figure.needs.map((name) => told[name]).join("|");
      const places = [...part.querySelectorAll(`[data-figure="${CSS.escape(figure.name)}"]`)];
      const sides = now.figures[figure.name][key] || [];
      const drawn = Promise.all(places.map((place, side) => draw(place, sides[side])));
      if (printing) Kyoten.shareAxes(places); // nobody waits before the page is printed
      return drawn.then(() => Kyoten.shareAxes(places));
    }));
  }

  async function opened(part) {
    if (!part.open || "drawn" in part.dataset) return;
    part.dataset.drawn = "";
    await tools;
    now = await unpack(shown());
    await drawPart(part);
    part.dataset.ready = "";
  }

  async function show(policy) {
    delete document.documentElement.dataset.ready;
    for (const part of document.querySelectorAll("[data-policy]")) part.hidden = part.dataset.policy !== policy;
    const mine = policyPart(policy);
    byId("policy").parentElement.dataset.shown = byId("policy").selectedOptions[0].textContent; // on paper
    await tools;
    const hero = mine.querySelector(".hero .figure");
    if (hero && !hero.data) await draw(hero, (await heroes)[policy]);
    now = await unpack(policy);
    table.show(now.moves);
    for (const part of mine.querySelectorAll("details[data-part]")) await opened(part);
    document.documentElement.dataset.ready = policy;
  }

  byId("policy").addEventListener("change", (event) => show(event.target.value));
  for (const part of document.querySelectorAll("details[data-part]")) {
    part.addEventListener("toggle", () => opened(part));
    for (const box of part.querySelectorAll("select[data-ask]")) {
      box.addEventListener("change", () => drawPart(part));
    }
  }
  for (const long of document.querySelectorAll(".long")) {
    long.querySelector(".all").addEventListener("click", () => { long.classList.add("whole"); });
  }

  /* On paper every part is open, every figure drawn and every long table cut no more. */
  window.addEventListener("beforeprint", () => {
    const mine = policyPart(shown());
    for (const part of document.querySelectorAll("#limits, #asked, #manifest, #table")) part.open = true;
    for (const part of mine.querySelectorAll("details")) part.open = true;
    for (const part of mine.querySelectorAll("details[data-part]")) {
      if (!("drawn" in part.dataset)) drawPart(part, true);
    }
  });
  show(shown());
})();
