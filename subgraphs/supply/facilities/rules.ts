export { unknownFacility } from '../../../shared/validation/rules.js';
