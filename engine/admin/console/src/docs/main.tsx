// Starts the page of the API document.
import { render } from 'preact';
import '../style/theme.css';
import '../style/shell.css';
import '../style/parts.css';
import '../style/docs.css';
import { DocsPage } from './docs_page';

render(<DocsPage />, document.getElementById('app')!);
