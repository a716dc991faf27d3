import sharp from 'sharp';
import type { Detection } from '../domain/detection.js';
import type { Picture } from '../domain/picture.js';

/** Distinct, and readable on light and dark pictures alike. */
const COLOURS = ['#ff5252', '#40c4ff', '#69f0ae', '#ffd740', '#e040fb', '#ff9100', '#b2ff59'];

/**
 * Draws detections over a picture: a box each, with label and score. Gives a JPEG.
 * @param quality 1 to 100.
 */
export async function annotate(
  picture: Picture,
  detections: readonly Detection[],
  quality = 90,
): Promise<Buffer> {
  const { widthPx: width, heightPx: height, data } = picture;
  const plain = sharp(data, { raw: { width, height, channels: 3 } });
  const overlay = { input: Buffer.from(overlaySvg(picture, detections)) };
  return (detections.length === 0 ? plain : plain.composite([overlay]))
    .jpeg({ quality })
    .toBuffer();
}

function overlaySvg(picture: Picture, detections: readonly Detection[]): string {
  const { widthPx, heightPx } = picture;
  const stroke = Math.max(2, Math.round(Math.min(widthPx, heightPx) / 200));
  const shapes = detections.map((detection) => boxSvg(picture, detection, stroke));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}">${shapes.join('')}</svg>`;
}

function boxSvg(
  picture: Picture,
  { label, classId, score, box }: Detection,
  stroke: number,
): string {
  const colour = COLOURS[classId % COLOURS.length];
  const x = Math.round(box.xMin * picture.widthPx);
  const y = Math.round(box.yMin * picture.heightPx);
  const width = Math.round((box.xMax - box.xMin) * picture.widthPx);
  const height = Math.round((box.yMax - box.yMin) * picture.heightPx);
  const size = stroke * 7;
  const text = `${label} ${score.toFixed(2)}`;
  const textY = y >= size * 1.3 ? y - size * 1.3 : y;
  return (
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="none" stroke="${colour}" stroke-width="${stroke}"/>` +
    `<rect x="${x}" y="${textY}" width="${text.length * size * 0.62}" height="${size * 1.3}" fill="${colour}"/>` +
    `<text x="${x + stroke}" y="${textY + size}" font-family="monospace" font-size="${size}" fill="#000">${escapeXml(text)}</text>`
  );
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (c) => `&#${c.codePointAt(0)};`);
}
