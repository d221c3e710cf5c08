// `node nag.mjs OUT TEMPLATE...`: what cdk-nag's pack AwsSolutions says about each template.
//
// Writes `{ TEMPLATE: [{ rule, finding, resource, says, reason }] }` to OUT. `reason` is what the template's metadata
// gives for a suppressed finding, else null. A rule that could not decide is a finding too. Nothing leaves the machine.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { App, Aspects, Stack } from "aws-cdk-lib";
import { CfnInclude } from "aws-cdk-lib/cloudformation-include";
import { AwsSolutionsChecks } from "cdk-nag";

class Findings {
  found = [];

  add(data, says, reason) {
    this.found.push({
      rule: data.ruleId,
      finding: data.findingId ?? "",
      resource: data.resource.node.path.split("/").at(-1),
      says,
      reason,
    });
  }

  onCompliance() {}
  onNotApplicable() {}
  onNonCompliance(data) {
    this.add(data, data.ruleInfo, null);
  }
  onSuppressed(data) {
    this.add(data, data.ruleInfo, data.suppressionReason);
  }
  onError(data) {
    this.add(data, `not decided: ${data.errorMessage}`, null);
  }
  onSuppressedError(data) {
    this.add(data, `not decided: ${data.errorMessage}`, data.errorSuppressionReason);
  }
}

function judge(template, outdir) {
  const app = new App({ outdir, analyticsReporting: false });
  const stack = new Stack(app, "case");
  new CfnInclude(stack, "template", { templateFile: template });
  const findings = new Findings();
  Aspects.of(app).add(new AwsSolutionsChecks({ reports: false, additionalLoggers: [findings] }));
  app.synth();
  return findings.found;
}

const [out, ...templates] = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), "conform-policy-"));
try {
  const answers = templates.map((template, i) => [template, judge(template, join(scratch, String(i)))]);
  writeFileSync(out, JSON.stringify(Object.fromEntries(answers)));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
