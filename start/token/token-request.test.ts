import { readTokenRequest } from './token-request.js';

const HALF_A_DAY = 43_200;

describe('a request for a development token', () => {
  it('names a role, areas and facilities, and lasts twelve hours unless it says otherwise', () => {
    const line =
      '--role crisis-staff --area 05 --area 06412 --facility a --facility b --organisation o --professional p --level LAND --subject s';
    expect(readTokenRequest(line.split(' '))).toEqual({
      role: 'crisis-staff',
      areas: ['05', '06412'],
      facilities: ['a', 'b'],
      organisations: ['o'],
      professional: 'p',
      level: 'LAND',
      subject: 's',
      ttl: HALF_A_DAY,
    });
    expect(readTokenRequest(['--role', 'partner', '--ttl', '60'])).toMatchObject({
      areas: [],
      ttl: 60,
    });
  });

  it('gives each of several roles what follows it', () => {
    const line =
      '--role dispatch --area 05315 --subject s --role health-office --area 05378 --role hospital --facility a';
    const bounds = { areas: [], facilities: [], organisations: [] };
    expect(readTokenRequest(line.split(' '))).toMatchObject({
      subject: 's',
      grants: [
        { ...bounds, role: 'dispatch', areas: ['05315'] },
        { ...bounds, role: 'health-office', areas: ['05378'] },
        { ...bounds, role: 'hospital', facilities: ['a'] },
      ],
    });
    expect(readTokenRequest('--area 05 --role dispatch'.split(' '))).not.toHaveProperty('grants');
  });

  it('expands a Kleeblatt to its Länder, each once', () => {
    const { areas } = readTokenRequest('--role spoc --kleeblatt SUEDWEST --area 06'.split(' '));
    expect([...areas].sort()).toEqual(['06', '07', '08', '10']);
  });

  it.each([[''], ['DE']])('takes %j for all of Germany', (area) => {
    expect(readTokenRequest(['--role', 'service', '--area', area]).areas).toEqual(['']);
  });

  it.each([
    ['', /No --role is given.*crisis-staff/],
    ['--area 05 --role dispatch --role partner', /--area 05 stands before the first.*--role/],
    ['--role dispatch --role boss', /no role "boss"/],
    ['--role boss', /no role "boss".*crisis-staff/],
    ['--role constructor', /no role "constructor"/],
    ['--role subgraph', /no role "subgraph"/],
    ['--role spoc --area 99', /no area "99".*AGS/],
    ['--role spoc --area 0531', /no area "0531"/],
    ['--role spoc --kleeblatt west', /no Kleeblatt "west".*NORD, WEST/],
    ['--role spoc --kleeblatt INTERNATIONAL', /no Kleeblatt "INTERNATIONAL" with Länder/],
    ['--role spoc --ttl 0', /--ttl is "0".*whole number of seconds/],
    ['--role spoc --ttl 12h', /--ttl is "12h"/],
    ['--role spoc --ttl=-5', /--ttl is "-5"/],
    ['--role spoc --colour red', /Unknown option '--colour'.*Usage/],
    ['spoc', /Unexpected argument 'spoc'.*Usage/],
  ])('is refused in one line when it reads %j', (line, expected) => {
    const read = () => readTokenRequest(line.split(' ').filter(Boolean));
    expect(read).toThrow(expected);
    expect(read).not.toThrow(/\n/);
  });
});
