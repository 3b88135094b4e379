import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';

/** Of nobody: the servers of these tests prove with it that they are `mail.test`. */
const CERTIFICATE = createSecureContext({
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQghH1ges/MNz3bwfoD
KBlp4Vro2mvwTJRRXRGFYXM3bOuhRANCAATTiM5q/Ij4m/fDKtWPpIcAm31havkK
YhmP8UBLOVWEmikjbVA7cDwimaISy8gv3mrCrd9ER73DTwtSYN9F0VcC
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBgDCCASWgAwIBAgIUE9EhiFyQLl/albXzuZ2JUYMbyNIwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbWFpbC50ZXN0MCAXDTI2MTEyMTE3NTE0NVoYDzIxMjYxMDI4
MTc1MTQ1WjAUMRIwEAYDVQQDDAltYWlsLnRlc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATTiM5q/Ij4m/fDKtWPpIcAm31havkKYhmP8UBLOVWEmikjbVA7cDwi
maISy8gv3mrCrd9ER73DTwtSYN9F0VcCo1MwUTAdBgNVHQ4EFgQUeVLxTRf1xVpt
KOEzxjoU+guGdPcwHwYDVR0jBBgwFoAUeVLxTRf1xVptKOEzxjoU+guGdPcwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEA0XgRdBsjD+vhYLVazIMS
BmjCF8lfILPRS2aNvVcPyZwCIQDtp/OdQ/R5DpljgvNa29d6VbNrsCMn8Eknc7xv
4qa/nw==
-----END CERTIFICATE-----`,
});

type Letter = {
  readonly from: string;
  readonly to: readonly string[];
  /** As it was sent, with its dots. */
  readonly text: string;
  readonly isSecure: boolean;
};

type Behaviour = {
  /** What it says to a command, given how often it was asked for it before; undefined is what servers say, '' is nothing. */
  readonly answer?: (command: string, before: number) => string | undefined;
  readonly startTls?: boolean;
};

/** A mail server on this machine that keeps what it is told. */
export type SmtpServer = {
  readonly port: number;
  readonly letters: readonly Letter[];
  /** Every command, with a mark before those that went through TLS. */
  readonly commands: readonly string[];
  readonly close: () => Promise<void>;
};

export async function smtpServer({ answer, startTls = false }: Behaviour = {}): Promise<SmtpServer> {
  const [letters, commands]: [Letter[], string[]] = [[], []];
  const times = new Map<string, number>();
  const sockets = new Set<Socket>();

  function said(command: string, usual: string): string {
    const verb = command.split(' ', 1)[0]!;
    const before = times.get(verb) ?? 0;
    times.set(verb, before + 1);
    return answer?.(command, before) ?? usual;
  }

  function talk(socket: Socket, isSecure: boolean, greeting: string | undefined): void {
    let [pending, from, to, text]: [string, string, string[], string | undefined] = ['', '', [], undefined];
    const say = (line: string) => line !== '' && socket.write(`${line}\r\n`);
    const usual: Readonly<Record<string, string>> = {
      EHLO: `250-mail.test\r\n${startTls && !isSecure ? '250-STARTTLS\r\n' : ''}250 AUTH PLAIN LOGIN`,
      DATA: '354 go on',
      AUTH: '235 welcome',
      QUIT: '221 bye',
      STARTTLS: startTls ? '220 go on' : '502 no such command',
    };
    function take(line: string): void {
      if (text !== undefined) {
        if (line !== '.') text += `${line}\r\n`;
        else {
          const answered = said('.', '250 queued');
          if (answered.startsWith('250')) letters.push({ from, to, text, isSecure });
          text = undefined;
          say(answered);
        }
        return;
      }
      commands.push(isSecure ? `tls ${line}` : line);
      const verb = line.split(' ', 1)[0]!;
      const answered = said(line, usual[verb] ?? '250 fine');
      const address = /<(.*)>/.exec(line)?.[1] ?? '';
      if (verb === 'MAIL') [from, to] = [address, []];
      if (verb === 'RCPT' && answered.startsWith('2')) to = [...to, address];
      if (verb === 'DATA' && answered.startsWith('3')) text = '';
      say(answered);
      if (verb === 'STARTTLS' && answered.startsWith('220')) {
        socket.removeAllListeners('data');
        talk(new TLSSocket(socket, { isServer: true, secureContext: CERTIFICATE }), true, undefined);
      }
    }
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      const lines = (pending + bytes.toString('latin1')).split('\r\n');
      pending = lines.pop()!;
      for (const line of lines) take(line);
    });
    if (greeting !== undefined) say(greeting);
  }

  const server: Server = createServer((socket) => {
    sockets.add(socket);
    talk(socket, false, said('CONNECT', '220 mail.test'));
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    letters,
    commands,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
