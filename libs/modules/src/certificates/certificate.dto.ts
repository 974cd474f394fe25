import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';

@ApiSchema({ name: 'certificate.Info' })
export class CertificateInfoDto {
  @ApiProperty({ example: 'CN=shop.example.com' }) subject!: string;
  @ApiProperty({ example: 'CN=Example CA 3,O=Example Trust,C=US' }) issuer!: string;
  @ApiProperty({ example: '6A:0F:33:9C', description: 'SHA-1 of the DER' }) fingerprint!: string;
  @ApiProperty({ example: 'B1:22:71:04', description: 'SHA-256 of the DER' }) fingerprint256!: string;
  @ApiProperty({ example: '413908120398120938', description: 'Decimal' }) serialNumber!: string;
  @ApiProperty({ example: '2026-01-10T00:00:00Z' }) validFrom!: string;
  @ApiProperty({ example: '2026-04-10T23:59:59Z' }) validTo!: string;
  @ApiProperty({ type: 'integer', example: 36, description: 'As of the check' }) daysRemaining!: number;
  @ApiProperty({ example: 'server' }) certType!: string;
  @ApiPropertyOptional({ type: [String], example: ['shop.example.com'] }) validFor?: string[];
  @ApiProperty({ example: 'SHA256-RSA' }) signatureAlgorithm!: string;
  @ApiProperty({ example: 'RSA' }) publicKeyAlgorithm!: string;
  @ApiPropertyOptional({ type: 'integer', example: 2048, description: 'Bits, RSA only' }) keySize?: number;
  @ApiProperty({ type: 'integer', example: 3 }) version!: number;
}

@ApiSchema({ name: 'certificate.Model' })
export class CertificateDto {
  @ApiProperty({ description: 'The chain was verified' }) valid!: boolean;
  @ApiPropertyOptional({ type: CertificateInfoDto }) certInfo?: CertificateInfoDto;
}
