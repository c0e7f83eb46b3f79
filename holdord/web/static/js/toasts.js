// Counts the seconds in which the last act can be undone, then lets the toast go.
export function countToasts() {
  setInterval(() => {
    for (const toast of document.querySelectorAll("#toasts [data-seconds]")) {
      const left = Number(toast.dataset.seconds) - 1;
      toast.dataset.seconds = left;
      const time = toast.querySelector("time");
      if (time) time.textContent = `${left} s`;
      if (left <= 0 && !toast.contains(document.activeElement)) toast.remove();
    }
  }, 1000);
}
