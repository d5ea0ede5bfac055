"use strict";
const video = document.querySelector("video");
for (const link of document.querySelectorAll("a[data-at]")) {
  link.addEventListener("click", (event) => {
    if (!video) return;
    event.preventDefault();
    video.currentTime = Number(link.dataset.at);
    video.scrollIntoView({ behavior: "smooth", block: "nearest" });
    video.play();
  });
}
// On paper nothing can be clicked: what is folded in is opened, but for what was good, which
// the table at the top shows.
addEventListener("beforeprint", () => {
  for (const closed of document.querySelectorAll("details:not([open], .brief)")) {
    closed.dataset.closed = "";
    closed.open = true;
  }
});
addEventListener("afterprint", () => {
  for (const opened of document.querySelectorAll("details[data-closed]")) {
    opened.open = false;
    delete opened.dataset.closed;
  }
});
