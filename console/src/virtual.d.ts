declare module 'virtual:messages' {
  /** Address of the catalogue of a language. */
  export const urls: Record<string, string>;
  /** In tests: the catalogues themselves. */
  export const inline: Record<string, Record<string, import('./i18n/render').Message>>;
}
