import { randomBytes } from 'node:crypto';

export const TEXT = 1;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

/** Calls back for every whole frame and returns what is left of the bytes. Servers send theirs unmasked, in one piece. */
export function eachFrame(
  bytes: Buffer,
  found: (opcode: number, from: number, to: number) => void,
): Buffer | undefined {
  let at = 0;
  while (bytes.length - at >= 2) {
    let length = bytes[at + 1]! & 127;
    let header = 2;
    if (length === 126) {
      header = 4;
      if (bytes.length - at < header) break;
      length = bytes.readUInt16BE(at + 2);
    } else if (length === 127) {
      header = 10;
      if (bytes.length - at < header) break;
      length = Number(bytes.readBigUInt64BE(at + 2));
    }
    const end = at + header + length;
    if (end > bytes.length) break;
    found(bytes[at]! & 15, at + header, end);
    at = end;
  }
  return at === bytes.length ? undefined : bytes.subarray(at);
}

/** A frame as clients send it: masked, here with zeros. For messages below 64 KiB. */
export function clientFrame(opcode: number, payload: string | Buffer): Buffer {
  const body = Buffer.from(payload);
  const short = body.length < 126;
  const header = Buffer.alloc(short ? 6 : 8);
  header[0] = 0x80 | opcode;
  header[1] = 0x80 | (short ? body.length : 126);
  if (!short) header.writeUInt16BE(body.length, 2);
  return Buffer.concat([header, body]);
}

export function upgradeRequest(host: string, path: string): string {
  return [
    `GET ${path} HTTP/1.1`,
    `Host: ${host}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Protocol: graphql-transport-ws',
    '\r\n',
  ].join('\r\n');
}
