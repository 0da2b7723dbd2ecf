import { render } from 'preact';
import { App } from './components/app.tsx';
import './styles/index.css';

const root = document.querySelector('#app');
if (root !== null) render(<App />, root);
