"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const place = (name) => document.querySelector(`[data-figure="${name}"]`);
  const { draw, fill } = Kyoten;
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

  async function drawProduct() {
    const pair = now.products[byId("product").value] || [];
    await draw(place("production"), pair[0]);
    await draw(place("difference"), pair[1]);
  }

  async function drawDuty() {
    const group = now.duties[byId("importer").value];
    fill(byId("dutied"), group ? Object.entries(group.products).map(([k, v]) => [k, v.name]) : []);
    const one = group && group.products[byId("dutied").value];
    await draw(place("duty"), one && one.figure);
    if (!one) place("duty").textContent = "No duty on goods of this run changes under this policy.";
  }

  const table = Kyoten.moveTable(byId("movetable"), JSON.parse(byId("movehead").textContent),
    byId("search"), byId("count"));

  async function show(policy) {
    document.querySelectorAll("[data-policy]").forEach((part) => {
      part.hidden = part.dataset.policy !== policy;
    });
    now = await unpack(policy);
    table.show(now.moves);
    for (const [name, figure] of Object.entries(now.figures)) await draw(place(name), figure);
    await drawProduct();
    fill(byId("importer"), Object.entries(now.duties).map(([code, group]) => [code, group.name]), "US");
    await drawDuty();
    document.documentElement.dataset.ready = policy;
  }

  byId("policy").addEventListener("change", (event) => show(event.target.value));
  byId("product").addEventListener("change", drawProduct);
  byId("importer").addEventListener("change", drawDuty);
  byId("dutied").addEventListener("change", drawDuty);
  window.addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("#law details")) part.open = true;
  });
  show(byId("policy").value);
})();
