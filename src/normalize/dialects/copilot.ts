import type { Dialect } from '../dialect.ts';

/**
 * GitHub Copilot: GenAI conventions. What it says of money are credits (`github.copilot.nano_aiu`, `.cost`), not dollars:
 * they are not read.
 */
export const copilot: Dialect = {
  name: 'copilot',
  source: 'https://github.com/microsoft/vscode-copilot-chat/tree/main/src/platform/otel/common',
  detect: [
    { scope: /^(?:github\.copilot|copilot-chat)/ },
    { resource: { key: 'service.name', is: /^(?:github-copilot|copilot-chat)/ } },
    {
      keys: [
        'github.copilot.nano_aiu',
        'github.copilot.cost',
        'github.copilot.interaction_id',
        'copilot_chat.session_id',
        'copilot_chat.turn.index',
        'copilot_chat.location',
      ],
    },
  ],
  kinds: [{ strength: 'operation', key: 'gen_ai.operation.name', values: { content_event: 'other' } }],
  fields: {
    // Copilot bills, by prices of its own, whoever's model it is.
    provider: [
      {
        key: 'gen_ai.provider.name',
        when: { key: 'gen_ai.provider.name', is: ['github'] },
        means: 'github-copilot',
        own: true,
      },
    ],
    session: ['gen_ai.conversation.id', 'copilot_chat.session_id'],
  },
  content: [
    'copilot_chat.reasoning_content',
    'copilot_chat.user_request',
    'copilot_chat.prompt_context',
    'copilot_chat.prompt_instructions',
    'copilot_chat.markdown_content',
  ],
};
