
"use strict";
(() => {
  const form = document.querySelector(".filters");
  const files = [...document.querySelectorAll("details.file")];

  // Fragments: what they name is opened, also by browsers that do not do so themselves.
  const reveal = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    if (target) target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);

  const narrow = () => {
    const wanted = Object.fromEntries(new FormData(form));
    const words = wanted.text.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (given, value) => !given || given === value;
    let count = 0;
    for (const file of files) {
      const inside = fits(wanted.packages, file.dataset.packages) && fits(wanted.owners, file.dataset.owners);
      const path = file.querySelector("summary").textContent.toLowerCase();
      let shown = 0;
      for (const item of file.querySelectorAll("li")) {
        const text = words.length ? path + item.textContent.toLowerCase() : "";
        const keep = inside && fits(wanted.rule, item.dataset.rule) && fits(wanted.status, item.dataset.status)
          && words.every((word) => text.includes(word));
        item.hidden = !keep;
        shown += keep;
      }
      file.hidden = !shown;
      file.querySelector(".count").textContent = shown.toLocaleString("en");
      count += shown;
    }
    form.querySelector("output").textContent = `${count.toLocaleString("en")} ${count === 1 ? "finding" : "findings"}`;
  };

  if (form) {
    form.hidden = false;
    form.addEventListener("input", narrow);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(narrow));
    document.addEventListener("click", (event) => {
      const link = event.target.closest("[data-filter]");
      if (!link) return;
      form.reset();
      form.elements[link.dataset.filter].value = link.dataset.value;
      narrow();
    });
  }

  const data = document.getElementById("points");
  if (data) {
    const points = JSON.parse(data.textContent);
    const readout = document.querySelector(".readout");
    const charts = [...document.querySelectorAll(".lines")];
    const across = new Map(charts.map((chart) => [chart, chart.dataset.x.split(" ").map(Number)]));
    const show = (at) => {
      const [time, commit, source, elsewhere, rate] = points[at];
      readout.textContent = `${time} UTC, ${commit}: ${elsewhere} elsewhere, ${source} by the source, ${rate}`;
      for (const chart of charts) {
        const cursor = chart.querySelector(".cursor");
        cursor.classList.add("shown");
        cursor.setAttribute("transform", `translate(${across.get(chart)[at]} 0)`);
      }
    };
    const hide = () => {
      readout.textContent = "";
      for (const chart of charts) chart.querySelector(".cursor").classList.remove("shown");
    };
    const nearest = (places, x) =>
      places.reduce((best, each, at) => (Math.abs(each - x) < Math.abs(places[best] - x) ? at : best), 0);
    for (const chart of charts) {
      chart.addEventListener("pointermove", (event) => {
        const box = chart.getBoundingClientRect();
        show(nearest(across.get(chart), ((event.clientX - box.left) / box.width) * chart.viewBox.baseVal.width));
      });
      chart.addEventListener("pointerleave", hide);
    }
  }

  reveal();
})();
