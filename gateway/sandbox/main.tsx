import './workers';
import 'graphiql/style.css';
import './sandbox.css';
import { createRoot } from 'react-dom/client';
import { Sandbox } from './sandbox';

const container = document.getElementById('sandbox');
if (!container) throw new Error('index.html must hold an element with the id "sandbox".');
createRoot(container).render(<Sandbox />);
