import js from "@eslint/js";
import { config as hubspot } from "@hubspot/eslint-config-ui-extensions";
import hooks from "eslint-plugin-react-hooks";
import typescript from "typescript-eslint";

export default [
  { ignores: ["coverage/", "node_modules/"] },
  js.configs.recommended,
  ...typescript.configs.recommended,
  ...typescript.configs.stylistic,
  ...hubspot,
  hooks.configs.flat["recommended-latest"],
];
