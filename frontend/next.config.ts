import type { NextConfig } from "next";

const extraOrigins = (process.env.DEV_ORIGINS ?? "").split(",").flatMap((name) => name.trim() || []);

const config: NextConfig = {
  output: "standalone",
  // The image's build gives one that follows from the sources; otherwise Next draws one.
  generateBuildId: () => process.env.BUILD_ID || null,
  distDir: process.env.NEXT_DIST_DIR || ".next",
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  // `next dev` refuses its own scripts and its WebSocket to any other host, and the page then never hydrates.
  allowedDevOrigins: ["127.0.0.1", "*.app.github.dev", ...extraOrigins],
  // Somebody probes every few seconds; that is no news.
  logging: { incomingRequests: { ignore: [/^\/api\/health/] } },
  experimental: {
    optimizePackageImports: ["lucide-react"],
    // One file for what every page needs instead of six: smaller together, and fewer to ask for.
    turbopackChunking: { requestCost: 2_000_000, minChunkSize: 500_000 },
  },
};

export default config;
