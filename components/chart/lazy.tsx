"use client";

/** Recharts is ~140 KB: it arrives after the page, into frames of the charts' own size. */
import dynamic from "next/dynamic";

import { Skeleton } from "../ui/states";

export function ChartSkeleton() {
  return (
    <div className="flex min-w-0 flex-col rounded border border-edge bg-panel p-4" role="status" aria-label="Loading chart">
      <div className="h-10">
        <Skeleton className="h-4 w-3/4" />
      </div>
      <div className="mt-1 h-4" />
      <Skeleton className="mt-1 h-52" />
      <div className="mt-2 h-12">
        <Skeleton className="h-3 w-full" />
      </div>
    </div>
  );
}

const options = { ssr: false, loading: ChartSkeleton };

export const LazyRateChart = dynamic(() => import("./rate-chart"), options);
export const LazyAccuracyChart = dynamic(() => import("./accuracy-chart"), options);
export const LazyOutcomeChart = dynamic(() => import("./outcome-chart"), options);
export const LazyJaccardChart = dynamic(() => import("./jaccard-chart"), options);
export const LazyLossChart = dynamic(() => import("./loss-chart"), options);
