/** The region somebody wants things done in: chosen once, remembered on the phone. */
import { ref } from "vue";

const REGION = "zerotrip.region";

/** Its code; empty until one was chosen. */
export const region = ref<string>((uni.getStorageSync(REGION) as string) || "");

export function chooseRegion(code: string): void {
  region.value = code;
  uni.setStorageSync(REGION, code);
}
