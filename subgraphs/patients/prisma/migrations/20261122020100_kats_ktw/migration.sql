-- AlterEnum
ALTER TYPE "TransportMeans" ADD VALUE 'KATS_KTW' AFTER 'KTW';
