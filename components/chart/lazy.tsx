"use client";

/** Recharts is ~140 KB: it arrives after the page, into frames of the charts' own size. */
import dynamic from "next/dynamic";

import { Skeleton } from "../ui/states";
import { frameClass } from "./chart-frame";

function ChartSkeleton() {
  return (
    <div className={frameClass} role="status" aria-label="Loading chart">
      <Skeleton className="h-5 w-3/4" />
      <div className="mt-1 h-4" />
      <Skeleton className="mt-1 h-52" />
      <Skeleton className="mt-2 h-12" />
    </div>
  );
}

// Each with its own literal: Next.js reads these options at build time.
export const LazyRateChart = dynamic(() => import("./rate-chart"), { ssr: false, loading: ChartSkeleton });
export const LazyAccuracyChart = dynamic(() => import("./accuracy-chart"), { ssr: false, loading: ChartSkeleton });
export const LazyOutcomeChart = dynamic(() => import("./outcome-chart"), { ssr: false, loading: ChartSkeleton });
export const LazyJaccardChart = dynamic(() => import("./jaccard-chart"), { ssr: false, loading: ChartSkeleton });
export const LazyLossChart = dynamic(() => import("./loss-chart"), { ssr: false, loading: ChartSkeleton });
export const LazyOverlayChart = dynamic(() => import("./overlay-chart"), { ssr: false, loading: ChartSkeleton });
