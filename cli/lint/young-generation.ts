/** Megabytes. Syntax trees live briefly and are many: with V8's default of 16 a third of the time goes to collecting them. */
export const YOUNG_GENERATION_MB = 64;
