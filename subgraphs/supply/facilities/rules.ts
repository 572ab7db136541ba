export { unknownFacility, type WithTypename } from '../../../shared/validation/rules.js';
