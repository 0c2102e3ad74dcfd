import { afterEach, beforeEach, vi } from "vitest";

import { NOW } from "./portal";

vi.stubGlobal("self", { extend_V2: () => undefined });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});
