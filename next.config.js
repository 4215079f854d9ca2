/**
 * Scripts: Next.js and next-themes write inline ones, and pages are partly static, so there is no nonce to give them.
 * Workers: Monaco starts its own from blob URLs. Nothing is loaded from, sent to, or framed by any other origin.
 */
const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  // Breaks TanStack Table, which relies on reading a mutable table object while rendering.
  reactCompiler: false,
  serverExternalPackages: ["postgres"],
  // TypeScript 7 has no JavaScript API for Next.js to call; `npm test` checks types with tsc.
  typescript: { ignoreBuildErrors: true },
  headers: () =>
    Promise.resolve([
      {
        source: "/:path*",
        headers: [
          { key: "Content-Security-Policy", value: contentSecurityPolicy },
          { key: "X-Content-Type-Options", value: "nosniff" },
          { key: "Referrer-Policy", value: "no-referrer" },
          { key: "X-Frame-Options", value: "DENY" },
        ],
      },
    ]),
};

export default config;
