/** Colours as [red, green, blue, alpha], the first three from 0 to 255. */

/** A computed colour; null for what is none or is not written in sRGB. */
function colourOf(text) {
  const [, space, inner] = /^(rgba?|color)\((.*)\)$/.exec(text) ?? [];
  if (inner === undefined || (space === 'color' && !inner.startsWith('srgb '))) return null;
  const [red, green, blue, alpha = 1] = (inner.match(/(?<![a-z])-?[\d.]+(e-?\d+)?/g) ?? []).map(Number);
  return blue === undefined ? null : space === 'color' ? [255 * red, 255 * green, 255 * blue, alpha] : [red, green, blue, alpha];
}

const faded = ([red, green, blue, alpha], by) => [red, green, blue, alpha * by];

/** What is seen of a colour before another that lets nothing through. */
const over = ([red, green, blue, alpha], [r, g, b]) =>
  [red * alpha + r * (1 - alpha), green * alpha + g * (1 - alpha), blue * alpha + b * (1 - alpha), 1];

/** Relative luminance, as WCAG 2.2 defines it. */
function luminance(colour) {
  const [red, green, blue] = colour.slice(0, 3).map(value => value / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast ratio, as WCAG 2.2 defines it: from 1 to 21. */
function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const hex = colour => `#${colour.slice(0, 3).map(value => Math.round(value).toString(16).padStart(2, '0')).join('')}`;

/** A ratio with two places, never rounded up to what it misses. */
const shown = ratio => (Math.floor(ratio * 100) / 100).toFixed(2);
