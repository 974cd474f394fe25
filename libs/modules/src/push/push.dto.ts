import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({ name: 'push.Accepted' })
export class PushAcceptedDto {
  @ApiProperty({ example: 'true', description: 'The text `true`' }) ok!: 'true';
}
