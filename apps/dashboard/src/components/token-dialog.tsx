import { Dialog } from './dialog.tsx';

type Props = {
  purpose: 'read' | 'order';
  problem: string;
  enter: (token: string) => void;
  close?: () => void;
};

const words = {
  read: {
    title: 'This page needs a token to read',
    text: 'The API was started with SENTINEL_READ_TOKEN. Enter that token.',
  },
  order: {
    title: 'Giving orders needs a token',
    text: 'Enter the token that the API was started with (SENTINEL_API_TOKEN).',
  },
};

export const TokenDialog = ({ purpose, problem, enter, close }: Props) => (
  <Dialog
    title={words[purpose].title}
    {...(close === undefined ? {} : { close })}
    submit={(form) => {
      const token = String(form.get('token') ?? '').trim();
      if (token !== '') enter(token);
    }}
  >
    <p>{words[purpose].text} It is kept until this tab is closed, and nowhere else.</p>
    {problem !== '' && (
      <p class="problem" role="alert">
        {problem}
      </p>
    )}
    <label>
      Token
      <input name="token" type="password" autocomplete="off" required />
    </label>
    <div class="buttons">
      {close !== undefined && (
        <button type="button" onClick={close}>
          Cancel
        </button>
      )}
      <button type="submit" class="primary">
        Use token
      </button>
    </div>
  </Dialog>
);
