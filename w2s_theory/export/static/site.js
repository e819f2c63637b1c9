"use strict";
// Search: an exact name first, then ids, then titles, then texts.
const query = document.getElementById("query");
const found = document.getElementById("found");
const root = document.body.dataset.root;

function score(row, asked) {
  const alias = row.alias.toLowerCase(), id = row.id.toLowerCase(), title = row.title.toLowerCase();
  if (alias === asked || id === asked) return 100;
  if (alias.startsWith(asked) || id.startsWith(asked)) return 80;
  if (title.startsWith(asked)) return 60;
  const words = asked.split(/\s+/).filter(Boolean);
  const all = text => words.every(word => text.includes(word));
  if (all(`${alias} ${id} ${title}`)) return 40;
  return all(`${alias} ${id} ${title} ${row.text.toLowerCase()}`) ? 20 : 0;
}

function search() {
  const asked = query.value.trim().toLowerCase();
  found.replaceChildren();
  found.hidden = !asked;
  if (!asked) return;
  const rows = window.STATEMENTS.map((row, place) => [score(row, asked), -place, row])
    .filter(hit => hit[0] > 0).sort((a, b) => b[0] - a[0] || b[1] - a[1]).slice(0, 8);
  for (const [, , row] of rows) {
    const item = document.createElement("li"), link = document.createElement("a");
    link.href = root + row.href;
    link.textContent = (row.alias ? `${row.alias}, ` : "") + `${row.id}: ${row.title}`;
    item.append(link);
    found.append(item);
  }
  if (!rows.length) {
    const item = document.createElement("li");
    item.textContent = "nothing found";
    found.append(item);
  }
}

query.addEventListener("input", search);
document.getElementById("search").addEventListener("submit", event => {
  event.preventDefault();
  const first = found.querySelector("a");
  if (first) location.href = first.href;
});
document.getElementById("search").addEventListener("keydown", event => {
  const links = [...found.querySelectorAll("a")];
  const place = links.indexOf(document.activeElement);
  if (event.key === "Escape") { found.hidden = true; query.focus(); }
  if (event.key === "ArrowDown" && links.length) { event.preventDefault(); links[Math.min(place + 1, links.length - 1)].focus(); }
  if (event.key === "ArrowUp" && links.length) { event.preventDefault(); (links[place - 1] || query).focus(); }
});

// Filter: rows go, nodes fade.
const filter = document.getElementById("filter");
function narrow() {
  const wanted = [...filter.elements].filter(e => e.name && e.value);
  const fits = item => wanted.every(e => item.dataset[e.name] === e.value);
  let count = 0;
  for (const row of document.querySelectorAll("#statements tbody tr")) {
    row.hidden = !fits(row);
    count += !row.hidden;
  }
  for (const node of document.querySelectorAll(".graph .node")) node.classList.toggle("dim", !fits(node));
  document.getElementById("shown").textContent = `${count} shown`;
}
if (filter) { filter.addEventListener("change", narrow); narrow(); }

// The graph around a statement begins at it, where it does not fit the screen.
const current = document.querySelector(".graph .current rect");
if (current) current.closest(".scroll").scrollLeft = current.x.baseVal.value - 60;

// A node under the pointer or in focus lights its edges.
for (const node of document.querySelectorAll(".graph .node")) {
  const light = on => () => {
    for (const edge of node.closest("svg").querySelectorAll("path"))
      if ([edge.dataset.from, edge.dataset.to].includes(node.dataset.id)) edge.classList.toggle("lit", on);
  };
  node.addEventListener("pointerenter", light(true));
  node.addEventListener("focus", light(true));
  node.addEventListener("pointerleave", light(false));
  node.addEventListener("blur", light(false));
}

for (const button of document.querySelectorAll("button.copy")) {
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy).textContent;
    try { await navigator.clipboard.writeText(text); button.textContent = "Copied"; }
    catch { getSelection().selectAllChildren(document.getElementById(button.dataset.copy)); button.textContent = "Selected: press Ctrl-C"; }
  });
}
