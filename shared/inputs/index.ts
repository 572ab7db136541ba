/** Where arguments of a certain kind stand in a schema, and their conversion. */
export { converted, inputPaths, type InputPath, type Values } from './paths.js';
