import { prismaConfig } from '../../tools/prisma-config.js';

export default prismaConfig('personnel');
