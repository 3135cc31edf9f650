// Shows the routes that have all words of the search field; "/" leads there.
(() => {
  "use strict";
  const KEY = `webzeug.filter ${location.pathname}`;
  const field = document.getElementById("filter");
  if (field === null) return;
  const count = document.getElementById("count");
  const rows = Array.from(document.querySelectorAll("tbody tr"));
  const texts = rows.map((row) =>
    Array.from(row.cells, (cell) => cell.textContent).join(" ").toLowerCase(),
  );
  const all = count.textContent;

  function filter() {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, index) => {
      row.hidden = !words.every((word) => texts[index].includes(word));
      if (!row.hidden) shown += 1;
    });
    count.textContent = words.length ? `${shown} of ${all}` : all;
  }

  document.querySelector(".search").hidden = false;
  field.addEventListener("input", filter);
  document.addEventListener("keydown", (event) => {
    if (event.target === field) {
      if (event.key !== "Escape" || field.value === "") return;
      field.value = "";
      filter();
    } else if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      field.focus();
      field.select();
    }
  });

  // What was searched for is still there after a reload.
  field.value = sessionStorage.getItem(KEY) ?? "";
  sessionStorage.removeItem(KEY);
  addEventListener("pagehide", () => {
    if (field.value !== "") sessionStorage.setItem(KEY, field.value);
  });
  filter();
})();
