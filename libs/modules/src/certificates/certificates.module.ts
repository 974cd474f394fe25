import { Module } from '@nestjs/common';
import { MonitorsModule } from '../monitors/monitors.module';
import { MonitorCertificateController } from './certificates.controller';

/** The REST routes; only the API server imports it. */
@Module({ imports: [MonitorsModule], controllers: [MonitorCertificateController] })
export class CertificatesApiModule {}
