// What the terminal knows. `device` is the terminal's own and stays; `now` is of whoever stands before it, and `forget`
// leaves nothing of it. Personal values stand in `now` and on the screen, nowhere else: no store of the browser is used.

const empty = () => ({
  session: "", token: "", begun: 0, event: null, item: null, answers: {}, case: null, person: null, how: "", phone: "", keep: true,
  at: "", read: null, receipt: null, printed: false, ended: "",
});

export const device = { me: null, paper: "ready", offline: false };
export const now = empty();

export function forget() {
  for (const key of Object.keys(now)) delete now[key];
  Object.assign(now, empty());
}
