import { useEffect, useState } from "react";
import { expect, it } from "vitest";
import { Text } from "@hubspot/ui-extensions";
import { createRenderer } from "@hubspot/ui-extensions/testing";

import { useAll } from "../useAll";
import { pages, record } from "./portal";
import { all } from "./reading";

const PAGES = [[record(1, {}), record(2, {})], [record(3, {})], [record(4, {})]];
const NOTHING = { results: [] as (typeof PAGES)[0], more: false, isLoading: true };
const asked: number[] = [];

/** As HubSpot's hook does it: after `nextPage` it still shows the old page for a moment. */
function usePages() {
  const [page, setPage] = useState(0);
  const [{ results, more, isLoading }, setAnswer] = useState(NOTHING);
  useEffect(() => {
    asked.push(page);
    void Promise.resolve()
      .then(() => setAnswer((answer) => ({ ...answer, isLoading: true })))
      .then(() => {
        setAnswer({ results: PAGES[page]!, more: page < PAGES.length - 1, isLoading: false });
      });
  }, [page]);
  return {
    results,
    error: null,
    isLoading,
    isRefetching: false,
    refetch: () => Promise.resolve(),
    pagination: pages(more, () => setPage((before) => before + 1)),
  };
}

function Listing() {
  const { records, isLoading } = useAll("0-27", []);
  return <Text>{`${isLoading ? "loading" : "all"} ${records.map((r) => r.toObjectId).join()}`}</Text>;
}

it("reads page after page, each once", async () => {
  const { render, mocks, getRootNode, waitFor } = createRenderer("crm.record.tab");
  mocks.useAssociations.willCall(usePages);
  render(<Listing />);
  expect(all(getRootNode())).toBe("loading ");
  await waitFor(() => expect(all(getRootNode())).toBe("all 1,2,3,4"));
  expect(asked).toEqual([0, 1, 2]);
});
