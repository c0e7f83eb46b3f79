// The desk's own behaviour: each module does one thing, and the pages work without any of them.
import { runClocks } from "./clock.js";
import { listenToKeys } from "./keys.js";
import { watchComposer } from "./composer.js";
import { watchGuard } from "./guard.js";
import { watchBoard } from "./board.js";
import { watchLive } from "./live.js";
import { watchConnection } from "./offline.js";
import { countToasts } from "./toasts.js";
import { watchPanes } from "./panes.js";
import { watchPictures } from "./pictures.js";

export const words = JSON.parse(document.body.dataset.words || "{}");

runClocks(words);
listenToKeys();
watchPanes();
watchPictures(words);
watchComposer(words);
watchGuard(words);
watchConnection(words);
countToasts();
watchLive(words);
watchBoard();
