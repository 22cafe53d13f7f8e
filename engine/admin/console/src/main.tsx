// Starts the console.
import { render } from 'preact';
import { App } from './app';
import './style/theme.css';
import './style/shell.css';
import './style/parts.css';
import './style/views.css';

render(<App />, document.getElementById('app')!);
