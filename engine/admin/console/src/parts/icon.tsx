// Line drawings, 24 by 24. They only decorate: what they stand beside says it in words.
const shapes = {
  overview: 'M4 13h6V4H4zM14 20h6v-9h-6zM14 4v3h6V4zM4 20h6v-3H4z',
  live: 'M3 12h4l3-8 4 16 3-8h4',
  conversations: 'M12 4c5 0 9 3.2 9 7.2s-4 7.2-9 7.2c-1 0-2-.1-2.9-.4L4 20l1.3-3.7C3.8 15 3 13.2 3 11.2 3 7.2 7 4 12 4z',
  webhooks: 'M4 7h16M4 12h16M4 17h10M18 15v5M15.5 17.5h5',
  letters: 'M4 6h16v12H4zM4 7l8 6 8-6',
  accounts: 'M4 20v-1a5 5 0 0 1 5-5h2M10 10.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM14.5 17.5l2 2 4-4.5',
  agents: 'M7 8h10v10H7zM12 4v4M4 12v3M20 12v3M10 12.5v.5M14 12.5v.5',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1M17.3 17.3l1.1 1.1M18.4 5.6l-1.1 1.1M6.7 17.3l-1.1 1.1',
  moon: 'M20 14.5A8 8 0 0 1 9.5 4 8 8 0 1 0 20 14.5z',
  auto: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 3v18M12 8l5-2.5M12 13l8-4M12 18l8.5-4.5',
  out: 'M14 4h5v16h-5M4 12h11M11 8l4 4-4 4',
  back: 'M15 5l-7 7 7 7',
  menu: 'M4 7h16M4 12h16M4 17h16',
  close: 'M6 6l12 12M18 6L6 18',
  pause: 'M9 5v14M15 5v14',
  play: 'M7 5l12 7-12 7z',
  docs: 'M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6',
};

export type IconName = keyof typeof shapes;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={shapes[name]} />
    </svg>
  );
}

export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M16 3C8.3 3 2 8.4 2 15c0 3.6 1.9 6.9 4.9 9.1L6 29l5.6-2.6c1.4.4 2.9.6 4.4.6 7.7 0 14-5.4 14-12S23.7 3 16 3z" />
    </svg>
  );
}
