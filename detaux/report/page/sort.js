// A click on a heading sorts its table by that column, a second click the other way.
for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.querySelectorAll("thead th")];
  heads.forEach((head, column) => {
    head.querySelector("button").addEventListener("click", () => {
      const falling = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", falling ? "descending" : "ascending");
      const body = table.tBodies[0];
      const rows = [...body.rows].sort((one, two) => compare(one.cells[column], two.cells[column]));
      body.append(...(falling ? rows.reverse() : rows));
    });
  });
}

function compare(one, two) {
  const [a, b] = [one.dataset.order, two.dataset.order];
  if (a && b) return Number(a) - Number(b);
  if (a || b) return a ? 1 : -1;
  return one.textContent.localeCompare(two.textContent, undefined, { numeric: true });
}
