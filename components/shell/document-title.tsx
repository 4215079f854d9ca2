"use client";

import { useEffect } from "react";

/** The tab's title follows what happens on the page, so that progress is seen from another tab. */
export function DocumentTitle({ title }: { title: string }) {
  useEffect(() => {
    document.title = `${title} · Archloom`;
  }, [title]);
  return null;
}
