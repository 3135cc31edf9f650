// A room over a WebSocket; with ?via=events, over Server-Sent Events and POST.
"use strict";

const room = location.pathname;
const [title, state, messages, form] =
  ["h1", "#state", "#messages", "form"].map((selector) => document.querySelector(selector));
const connect =
  new URLSearchParams(location.search).get("via") === "events" ? connectEvents : connectWebSocket;

const unsent = new Map(); // what has not come back yet; sent again with each new connection
let send = null; // sends a message, while there is a connection
let lastId = "";
let attempts = 0;

form.onsubmit = say;
connect();
title.textContent = document.title = decodeURIComponent(room.split("/").at(-1));

function connectWebSocket() {
  const url = new URL(room + missed(), location);
  url.protocol = url.protocol.replace("http", "ws");
  const socket = new WebSocket(url);
  socket.onopen = () => connected((message) => socket.send(JSON.stringify(message)));
  socket.onmessage = (event) => receive(event.data);
  socket.onclose = (event) => event.code === 1008 ? refused(event.reason) : comeAgain();
}

function connectEvents() {
  const source = new EventSource(`${room}/events${missed()}`);
  let posted = Promise.resolve(); // one after another, to keep their order
  source.onopen = () => connected((message) => { posted = posted.then(() => post(message)); });
  source.onmessage = (event) => receive(event.data);
  source.onerror = () => {
    // The browser comes again by itself, with Last-Event-ID, unless the answer was an error.
    if (source.readyState === EventSource.CLOSED) comeAgain();
    else disconnected("reconnecting");
  };
}

function missed() {
  return lastId && `?after=${encodeURIComponent(lastId)}`;
}

function connected(how) {
  attempts = 0;
  send = how;
  show("connected");
  unsent.forEach(send);
}

function disconnected(why) {
  send = null;
  show(why);
}

function comeAgain() {
  // Later and later, and not all pages at once.
  const seconds = Math.min(30, 0.5 * 2 ** attempts++) * (0.5 + Math.random() / 2);
  disconnected(`reconnecting in ${Math.ceil(seconds)} s`);
  setTimeout(connect, 1000 * seconds);
}

function refused(why) {
  disconnected(`refused: ${why}`);
}

function show(text) {
  state.textContent = text;
}

function say(event) {
  event.preventDefault();
  const { name, text } = form.elements;
  const id = crypto.getRandomValues(new Uint32Array(4)).join("-");
  const message = { id, name: name.value, text: text.value };
  unsent.set(id, message);
  if (send) send(message);
  text.value = "";
}

async function post(message) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(room, { method: "POST", headers, body: JSON.stringify(message) })
    .catch(() => ({ status: 503 }));
  if (answer.status >= 500) {
    setTimeout(() => { if (send && unsent.has(message.id)) send(message); }, 2000);
  } else if (answer.status >= 400) {
    unsent.delete(message.id);
    show("a message was refused");
  }
}

function receive(data) {
  const { id, name, text } = JSON.parse(data);
  unsent.delete(id);
  lastId = id;
  if (document.getElementById(`m-${id}`)) return; // sent, or kept, twice
  const author = document.createElement("b");
  author.textContent = name; // text, never HTML
  const item = document.createElement("li");
  item.id = `m-${id}`;
  item.append(author, " ", text);
  messages.append(item);
  if (messages.children.length > 1000) messages.firstChild.remove();
  item.scrollIntoView({ block: "nearest" });
}
