"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const place = (name) => document.querySelector(`[data-figure="${CSS.escape(name)}"]`);
  const { draw } = Kyoten;
  const sections = JSON.parse(byId("sections").textContent);
  const unpacked = new Map();
  let now = null; // content of the policy that is shown

  async function unpack(policy) {
    if (unpacked.has(policy)) return unpacked.get(policy);
    const text = document.querySelector(`script[data-payload="${CSS.escape(policy)}"]`).textContent;
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const content = JSON.parse(await new Response(plain).text());
    unpacked.set(policy, content);
    return content;
  }

  async function drawSection(spec) {
    const told = Kyoten.read(byId(spec.key), spec.asks);
    for (const figure of spec.figures) {
      const key = figure.needs.map((name) => told[name]).join("|");
      await draw(place(figure.name), now.figures[figure.name][key]);
    }
  }

  const table = Kyoten.moveTable(byId("movetable"), JSON.parse(byId("movehead").textContent),
    byId("search"), byId("count"));

  async function show(policy) {
    document.querySelectorAll("[data-policy]").forEach((part) => {
      part.hidden = part.dataset.policy !== policy;
    });
    now = await unpack(policy);
    table.show(now.moves);
    for (const spec of sections) await drawSection(spec);
    document.documentElement.dataset.ready = policy;
  }

  byId("policy").addEventListener("change", (event) => show(event.target.value));
  for (const spec of sections) {
    for (const box of byId(spec.key).querySelectorAll("select[data-ask]")) {
      box.addEventListener("change", () => drawSection(spec));
    }
  }
  window.addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("#law details")) part.open = true;
  });
  show(byId("policy").value);
})();
