import type { RequestListener, ServerResponse } from 'node:http';
import type { SmallWheel } from './small-wheel.js';

/** How an index behaves that is not as good as it could be. */
export interface IndexHabits {
  /** JSON of PEP 691; otherwise HTML, whatever was asked for. */
  readonly json?: boolean;
  /** Host of the files, if they are not beside the page. */
  readonly fileOrigin?: string;
  /** What it says of the wheel, instead of the truth. */
  readonly sha256?: string;
  /** Wants this in the header `authorization`. */
  readonly authorization?: string;
}

/** Answers as a package index that has this wheel: its page and its file. */
export function localIndex(wheel: SmallWheel, habits: IndexHabits = {}): RequestListener {
  const { pin } = wheel;
  return (request, response) => {
    if (habits.authorization && request.headers.authorization !== habits.authorization) {
      response.writeHead(401).end();
    } else if (request.url === '/simple/ai-edge-litert/') {
      sendPage(response, pin, habits);
    } else if (request.url?.endsWith(`/files/${pin.wheel}`)) {
      sendFile(response, wheel.bytes, request.headers.range);
    } else {
      response.writeHead(404).end('not here');
    }
  };
}

function sendPage(
  response: ServerResponse,
  { wheel, wheelSha256 }: SmallWheel['pin'],
  { json, fileOrigin, sha256 = wheelSha256 }: IndexHabits,
): void {
  const url = `${fileOrigin ?? '../..'}/files/${wheel}`;
  if (json) {
    const files = [
      { filename: 'ai_edge_litert-1.0.0.tar.gz', url: 'x', hashes: {} },
      { filename: wheel, url, hashes: { sha256 } },
    ];
    response.setHeader('content-type', 'application/vnd.pypi.simple.v1+json');
    response.end(JSON.stringify({ meta: { 'api-version': '1.1' }, files }));
  } else {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(`<!DOCTYPE html><a href="x.whl">x.whl</a>
      <a data-requires-python="&gt;=3" href="${url}#sha256=${sha256}">${wheel}</a><br/>`);
  }
}

/** Gives a file, or the one range of it that is asked for. */
export function sendFile(response: ServerResponse, bytes: Buffer, range?: string): void {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
  if (first === undefined || last === undefined) {
    response.writeHead(200, { 'content-length': bytes.byteLength }).end(bytes);
    return;
  }
  const part = bytes.subarray(Number(first), Number(last) + 1);
  response
    .writeHead(206, {
      'content-length': part.byteLength,
      'content-range': `bytes ${first}-${last}/${bytes.byteLength}`,
    })
    .end(part);
}
