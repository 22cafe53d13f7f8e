// The top of a view: where it lies, what it is called, what can be done.
import type { ComponentChildren } from 'preact';

interface Props {
  title: ComponentChildren;
  up?: { href: string; label: string };
  line?: ComponentChildren;
  children?: ComponentChildren;
}

export function Heading({ title, up, line, children }: Props) {
  return (
    <header class="heading">
      <div>
        {up && <a class="up" href={up.href}>‹ {up.label}</a>}
        <h1>{title}</h1>
        {line && <p class="soft">{line}</p>}
      </div>
      {children && <div class="tools">{children}</div>}
    </header>
  );
}
